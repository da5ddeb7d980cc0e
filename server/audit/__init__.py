"""The audit: one line for each request, each session, and each login that failed."""
