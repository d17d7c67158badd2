"""Others judge what we wrote: the official SDK, the published shapes."""
