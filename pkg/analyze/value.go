package analyze

import "k8s.io/apimachinery/pkg/util/validation/field"

// Basis says how we know something.
type Basis string

// The bases, from the firmest to the weakest.
const (
	Observed Basis = "Observed" // reported by a server
	Written  Basis = "Written"  // stands in the manifest, or was asked for by a flag
	Default  Basis = "Default"  // Kubernetes' own value where nothing is written
	Inferred Basis = "Inferred" // read out of a script or an image name
	Assumed  Basis = "Assumed"  // neither written nor fixed by Kubernetes
)

// A Value is what Kubernetes will act on, and how we know it.
type Value[T any] struct {
	V     T
	Basis Basis
	// At is the field that sets the value, or would; nil where no field does.
	At *field.Path
	// Why says in a few words where an inferred, assumed or default value comes from.
	Why string
}

// WrittenAt is a value that stands in the manifest at path.
func WrittenAt[T any](v T, path *field.Path) Value[T] {
	return Value[T]{V: v, Basis: Written, At: path}
}

// DefaultOf is a value Kubernetes fills in where path is not written; why names
// the rule or source.
func DefaultOf[T any](v T, path *field.Path, why string) Value[T] {
	return Value[T]{V: v, Basis: Default, At: path, Why: why}
}
