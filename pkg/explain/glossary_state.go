package explain

// stateEntries are the states of this program.
func stateEntries() []Entry {
	return []Entry{
		{Term: "Healthy", Kind: "state", Short: "it does what it should"},
		{Term: "Progressing", Kind: "state", Short: "it is on its way and nothing is wrong so far"},
		{Term: "Waiting", Kind: "state", Short: "it cannot go on until something else happens"},
		{Term: "Failing", Kind: "state", Short: "it tries, fails and tries again"},
		{Term: "Stuck", Kind: "state", Short: "it will not get out of this without help"},
		{Term: "Terminating", Kind: "state", Short: "it is being deleted; kubectl also prints this under STATUS, while the phase stays what it was", Next: "stays longer than its grace period? kubectl lifecycle explain says what it waits for", Rules: words("K344")},
		{Term: "Completed", Kind: "state", Short: "it has done its work"},
		{Term: "Failed", Kind: "state", Short: "it has failed for good"},
		{Term: "Unknown", Kind: "state", Short: "what was seen does not tell"},
	}
}
