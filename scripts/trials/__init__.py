"""The trial: the real process on a sound card without hardware, stopped in mid-sentence."""
