// Package load is the door in: it turns files, standard input or what an API
// server says into an analyze.Snapshot, and finds the subjects in it.
//
// It is the only package that reads anything. From a server it asks for nothing
// but get and list, never for Secrets, and only for the kinds that the question
// needs. What it may not or cannot read, other than the subject itself, becomes
// a gap of the snapshot. It does not judge and does not print.
package load
