"""What the API and the pages share: requests, single values, problems and files over HTTP."""
