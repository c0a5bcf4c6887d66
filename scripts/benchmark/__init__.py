"""AecFrame all that is promised, beside what others would use. Run by scripts/bench."""
