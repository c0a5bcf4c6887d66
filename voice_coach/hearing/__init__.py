"""Sound becomes events: which command was spoken, if any."""
