"""Sound in and out: what plays when, the live stream, and its offline twin."""
