"""What a person may look at. A display is given a View and decides nothing."""
