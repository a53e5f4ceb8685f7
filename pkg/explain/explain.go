package explain

import "github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"

// Explain says why the object is as it is at the moment of the snapshot.
func Explain(s *analyze.Snapshot, o *analyze.Object, opt Options) *Explanation {
	return &Explanation{
		APIVersion: analyze.APIVersion, Kind: KindExplanation, Subject: o.Ref,
		Taken: s.Taken, TakenFrom: s.TakenFrom, State: Unknown, Logs: opt.Logs,
	}
}

// Summarize groups everything that is not well by root cause.
func Summarize(s *analyze.Snapshot, _ []*analyze.Object, _ Options) *Summary {
	return &Summary{APIVersion: analyze.APIVersion, Kind: KindSummary, Taken: s.Taken, TakenFrom: s.TakenFrom}
}

// Glossary explains a term, or all terms where term is "". An unknown term gives
// a page without items; Near then suggests others.
func Glossary(_ string) *GlossaryPage {
	return &GlossaryPage{APIVersion: analyze.APIVersion, Kind: KindGlossary}
}
