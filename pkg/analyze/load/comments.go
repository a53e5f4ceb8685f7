package load

import (
	"cmp"
	"slices"

	"go.yaml.in/yaml/v3"
)

// comments finds the comments of the text: every "#" at the start of a line or
// behind white space that is not part of a scalar.
func (t *yamlText) comments() []span {
	d := t.doc()
	if d == nil {
		return nil
	}
	var scalars []span
	d.scalars(d.root, 0, &scalars)
	slices.SortFunc(scalars, func(a, b span) int { return cmp.Compare(a.start, b.start) })
	var out []span
	for at := 0; at < len(d.text); at++ {
		for len(scalars) > 0 && scalars[0].end <= at {
			scalars = scalars[1:]
		}
		if len(scalars) > 0 && scalars[0].start <= at {
			at = scalars[0].end - 1
			continue
		}
		if d.text[at] != '#' || (at > 0 && !isSpace(d.text[at-1])) {
			continue
		}
		end := d.lineEnd(at)
		text := end
		for text > at && d.text[text-1] == '\r' {
			text--
		}
		out = append(out, d.absolute(span{at, text}))
		at = end
	}
	return out
}

// scalars collects the places of all scalars, without the header lines of block
// scalars: a comment may stand there.
func (d *yamlDoc) scalars(n *yaml.Node, depth int, out *[]span) {
	if depth > maxTreeDepth {
		return
	}
	if n.Kind == yaml.ScalarNode {
		if s, ok := d.ownSpan(n); ok {
			if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
				s.start = min(d.lineEnd(s.start), s.end)
			}
			*out = append(*out, s)
		}
		return
	}
	for _, c := range n.Content {
		d.scalars(c, depth+1, out)
	}
}
