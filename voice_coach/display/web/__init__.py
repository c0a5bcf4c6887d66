"""A session in a browser on this computer: the server, who may ask it, and what the page shows."""
