"""The figure of a step: a pose as data becomes a body, and the body becomes SVG."""
