"""Parts of the scenarios: clusters, git servers, a fault proxy and the daemon under test."""
