package analyze

import "math"

// A Comparison shows two timelines of the same subject side by side.
type Comparison struct {
	APIVersion string          `json:"apiVersion"`
	Kind       string          `json:"kind"` // "Comparison"
	Subject    Ref             `json:"subject"`
	Items      []ComparedSide  `json:"items"` // two
	Changes    []ComparedEvent `json:"changes"`
}

// A ComparedSide is one of the two timelines and what is special about it.
type ComparedSide struct {
	Label    string    `json:"label"`
	Timeline *Timeline `json:"timeline"`
}

// A ComparedEvent is an event whose moment, or whose existence, differs between
// the two.
type ComparedEvent struct {
	ID     string  `json:"id"`
	Before *Bounds `json:"before,omitempty"`
	After  *Bounds `json:"after,omitempty"`
	// ShiftSeconds is how much later the likely moment comes; absent where an
	// event exists on one side only, or may not happen.
	ShiftSeconds *float64 `json:"shiftSeconds,omitempty"`
}

// Compare sets two timelines of one subject side by side. Events are matched by
// id; those that do not move by a millisecond are left out of Changes.
func Compare(labelA string, a *Timeline, labelB string, b *Timeline) *Comparison {
	c := &Comparison{
		APIVersion: APIVersion, Kind: "Comparison", Subject: a.Subject,
		Items:   []ComparedSide{{labelA, a}, {labelB, b}},
		Changes: []ComparedEvent{},
	}
	after := map[string]Bounds{}
	for _, e := range b.Events {
		after[e.ID] = e.At
	}
	for _, e := range a.Events {
		was := e.At
		is, ok := after[e.ID]
		delete(after, e.ID)
		switch {
		case !ok:
			c.Changes = append(c.Changes, ComparedEvent{ID: e.ID, Before: &was})
		case was != is:
			c.Changes = append(c.Changes, changed(e.ID, was, is))
		}
	}
	for _, e := range b.Events {
		if is, only := after[e.ID]; only {
			c.Changes = append(c.Changes, ComparedEvent{ID: e.ID, After: &is})
		}
	}
	return c
}

func changed(id string, was, is Bounds) ComparedEvent {
	e := ComparedEvent{ID: id, Before: &was, After: &is}
	if shift := is.Likely - was.Likely; !math.IsInf(shift, 0) && !math.IsNaN(shift) {
		e.ShiftSeconds = finite(shift)
	}
	return e
}
