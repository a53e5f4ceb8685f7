// Package rules holds what can be wrong with a manifest: one Go file and one
// txtar file per rule. The txtar is the rule's documentation and its test.
//
// A rule reads one object and its neighbours in the snapshot. It does not parse
// configuration, does not know files, formats or the terminal, and computes no
// times of its own: what would happen, it asks package simulate; what the API
// refuses, it asks package validate.
package rules
