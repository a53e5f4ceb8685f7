package explain

func stateEntry(string) (string, bool) { return "", false }
