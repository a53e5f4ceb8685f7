package analyze

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// An Object is one API object and the place where it was written. Nobody
// changes it, or what API points to, after load has built it.
type Object struct {
	Ref
	// API is the typed object if the decoder of kubectl knows the kind and could
	// decode it, else *unstructured.Unstructured.
	API runtime.Object
	// Meta reads the metadata of API.
	Meta metav1.Object
	// Problems are what strict decoding refused: unknown fields, wrong types,
	// duplicate keys. The object is still usable as far as it could be decoded.
	Problems []Problem
	// Document counts the YAML documents of a file from 0; File is as typed.
	File     string
	Document int
	// Labelled says that a kustomization in the input takes the object in and adds
	// labels and selectors to it.
	Labelled bool

	locator Locator
}

// A Problem is a field that the decoder refused.
type Problem struct {
	// Kind of problem: "unknown-field", "wrong-type", "duplicate-key", "unknown-kind".
	Kind    string
	Path    string
	Message string
	Pos     Position
}

// NewObject builds an Object. locator may be nil (objects of a cluster).
func NewObject(ref Ref, api runtime.Object, meta metav1.Object, locator Locator) *Object {
	return &Object{Ref: ref, API: api, Meta: meta, locator: locator}
}

// At tells where the field is written: its own position and true, or that of
// the nearest written ancestor and false. Objects from a cluster have none.
func (o *Object) At(path *field.Path) (Position, bool) {
	if o.locator == nil {
		return Position{}, false
	}
	return o.locator.At(path)
}

// Lines returns source lines of the file the object stands in; see Locator.
func (o *Object) Lines(first, last int) []string {
	if o.locator == nil {
		return nil
	}
	return o.locator.Lines(first, last)
}

// Comments returns the comments in the object's part of its file.
func (o *Object) Comments() []Comment {
	if o.locator == nil {
		return nil
	}
	return o.locator.Comments()
}

// Mentions says whether the text of the object's file may hold the word. It is
// cheap beside Comments, which reads the whole document.
func (o *Object) Mentions(word string) bool {
	l, ok := o.locator.(interface{ Mentions(string) bool })
	return ok && l.Mentions(word)
}

// Recorded says that a server gave this object its UID: it is an observation,
// not a wish.
func (o *Object) Recorded() bool { return o.UID != "" }
