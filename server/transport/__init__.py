"""The only asynchronous code: channels in front of the protocol."""
