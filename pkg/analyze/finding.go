package analyze

// A Finding is one place where a lint rule is broken.
type Finding struct {
	Rule      string   `json:"rule"` // "KL101"
	Name      string   `json:"name"` // "prestop-outlives-grace"
	Severity  Severity `json:"severity"`
	Object    Ref      `json:"object"`
	Container string   `json:"container,omitempty"`
	Path      string   `json:"path"`
	Position
	// Title is the rule's general sentence; Message is what is wrong here; Help what to do.
	Title      string       `json:"title"`
	Message    string       `json:"message"`
	Help       string       `json:"help"`
	Related    []Related    `json:"related,omitempty"`
	Suppressed *Suppression `json:"suppressed,omitempty"`
	// Excerpt are the source lines around the place and its related places, for
	// text output; not part of the document.
	Excerpt []SourceLine `json:"-"`
	// Edits are what --fix would do.
	Edits []Edit `json:"edits,omitempty"`
}

// Related is another place that explains a finding.
type Related struct {
	Position
	Message string `json:"message"`
}

// A SourceLine is one line of a manifest.
type SourceLine struct {
	File   string
	Number int
	Text   string
}

// An Edit replaces the text between two places of a file.
type Edit struct {
	Position
	NewText string `json:"newText"`
}

// A Suppression is why a finding is muted.
type Suppression struct {
	Reason string `json:"reason"`
	Kind   string `json:"kind,omitempty"` // comment, annotation, baseline, config
}

// A Report is what lint found, and what it could not judge.
type Report struct {
	APIVersion string       `json:"apiVersion"`
	Kind       string       `json:"kind"` // "Report"
	Findings   []Finding    `json:"findings"`
	Skipped    []Skip       `json:"skipped"`
	Counts     Counts       `json:"counts"`
	Errors     []InputError `json:"errors"`
	Gaps       []Gap        `json:"gaps,omitempty"`
	// Rules are the rules that were run, for formats that carry their
	// documentation (SARIF); not part of the document.
	Rules []RuleInfo `json:"-"`
}

// A Skip is a rule that could not judge, and what it did not see.
type Skip struct {
	Rule string `json:"rule"`
	Why  string `json:"why"`
}

// Counts are part of the report, so that no printer counts for itself.
type Counts struct {
	Files      int `json:"files"`
	Documents  int `json:"documents"`
	Objects    int `json:"objects"`
	Error      int `json:"error"`
	Warning    int `json:"warning"`
	Info       int `json:"info"`
	Suppressed int `json:"suppressed"`
}

// An InputError is a place where bytes cannot be parsed. It is data: the rest
// of the input is still worked on, and the exit code is 2.
type InputError struct {
	Position
	Message string `json:"message"`
	// Help is the remedy, in one or two lines that can be pasted.
	Help string `json:"help,omitempty"`
}

// Error makes an InputError usable where a single error is all there is.
func (e *InputError) Error() string {
	if e.File == "" {
		return e.Message
	}
	return e.String() + ": " + e.Message
}
