package explain

// certaintyEntries are how sure a reason is.
func certaintyEntries() []Entry {
	return []Entry{
		{Term: "certain", Kind: "certainty", Short: "the API says so"},
		{Term: "likely", Kind: "certainty", Short: "what is seen has hardly another explanation"},
		{Term: "possible", Kind: "certainty", Short: "one of several explanations; the rest was not seen"},
	}
}
