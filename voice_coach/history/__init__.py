"""Stores sessions on this computer, and shows or forgets them."""
