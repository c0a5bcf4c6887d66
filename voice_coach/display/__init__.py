"""What a person can see. A display is given a ``View`` and decides nothing."""
