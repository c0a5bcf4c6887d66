"""Text becomes clips of speech, rendered ahead and kept."""
