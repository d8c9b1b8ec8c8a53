"""The benchmarks, with their floors: what a page costs beside the same statements without the application."""
