"""The pure heart: events and time in, actions out. No clock, thread, file, network or array."""
