package analyze

import "k8s.io/apimachinery/pkg/runtime/schema"

// A Gap is something that could not be seen or cannot be known. What and Why are what
// the documents show; Kind and Namespace let engines ask about it.
type Gap struct {
	What string `json:"what"`
	Why  string `json:"why"`
	// Matters says that knowing it could change the answer; text output shows only those.
	Matters bool `json:"matters,omitempty"`

	Kind      schema.GroupKind `json:"-"`
	Namespace string           `json:"-"`
}
