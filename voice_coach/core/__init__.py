"""The pure core: events and time in, actions out. No clock, thread, file, network or array."""
