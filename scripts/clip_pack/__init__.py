"""Renders the clips that are shipped: a sound for each sentence the coach can say."""
