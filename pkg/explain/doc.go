// Package explain answers why an object is as it is, what follows from it and
// what happens next.
//
// Explain is a function from a Snapshot and an object to an Explanation. Each
// cause it can recognise is one small function that looks at one pod and tells
// what it found; causesOf lists them for each stage of a pod's life, the most
// decisive first. Workloads are explained through their pods, grouped by cause.
//
// The ids of the causes form a closed registry that the glossary prints and a
// test holds complete. A new cause is a constant in reason_ids.go, a page in
// registry_….go, a function that is listed in causesOf (or in crashKinds, for
// one more way in which a container comes down), and a situation in
// testdata/causes with the exact strings of the source that writes them.
//
// The package does not read a cluster or a clock, does not run a command, does
// not lay out text and never guesses: what the snapshot does not show is a gap,
// and what contradicts a cause lowers its certainty.
package explain
