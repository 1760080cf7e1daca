let builtInFunctionNames = ["echo", "add", "sleep", "return", "fail", "hang", "block", "relay", "tail", "flood", "whoami"]
