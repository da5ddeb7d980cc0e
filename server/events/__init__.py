"""Events: what happened, kept for a while, and told to those who subscribed."""
