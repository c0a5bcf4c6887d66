"""A session in a terminal: large words on a screen, plain lines elsewhere, and the keyboard."""
