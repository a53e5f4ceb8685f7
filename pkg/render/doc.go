// Package render is the only door out: it turns values into bytes.
//
// A document (explain.Explanation, analyze.Timeline, analyze.Report, …) and a
// Style go in; text for people, JSON for machines or a picture comes out. The
// same value and the same Style give the same bytes, always.
//
// Text is built from lines of pieces that carry a role, measured and fitted to
// the width, and only then coloured (text.go). Whatever comes from a cluster or
// a manifest passes through Escape before it becomes a piece, so that no name
// or message can move the cursor, colour the screen or add a line.
//
// This package does not judge, count or look anything up: what it prints stands
// in the value. It knows no clock, no terminal and no environment; the width,
// the time zone and whether to colour come in with the Style. Errors are those
// of the writer, or a format that the document does not have.
package render
