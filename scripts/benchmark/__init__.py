"""Measures the hearing in simulated rooms, beside what others would use. Run by scripts/bench."""
