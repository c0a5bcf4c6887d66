"""Acoustic echo cancellation: take the coach's own voice out of the microphone."""
