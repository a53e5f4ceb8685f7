package rules

import (
	"regexp"
	"strings"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

func badImageName() *analyze.Rule {
	return &analyze.Rule{
		ID: "KL607", Name: "invalid-image-name",
		Title:    "no registry can have an image of this name",
		Severity: analyze.Error,
		Kinds:    podHolders(),
		Sources:  []analyze.Citation{behaviour("K123"), page("concepts/containers/images/#image-names")},
		Check: func(p *analyze.Pass) {
			for _, c := range p.Containers {
				if c.Image == "" || strings.HasPrefix(c.Image, "ko://") || strings.TrimSpace(c.Image) != c.Image || imageReference.MatchString(c.Image) {
					continue
				}
				why := "not of the form registry/path/name:tag"
				switch {
				case strings.Contains(c.Image, "://"):
					why = "an image has no scheme such as https://"
				case placeholder.MatchString(c.Image):
					why = "a placeholder was not filled in"
				case strings.ToLower(imageName(c.Image)) != imageName(c.Image):
					why = "names of images are in lower case"
				case strings.HasSuffix(c.Image, ":"):
					why = "the tag is empty"
				}
				d := p.ReportIn(c, c.Path.Child("image"), "%s: the container waits with InvalidImageName for ever", why).
					Fix("write a name such as registry.example.com/team/app:1.2.3")
				switch {
				case templateMark.MatchString(c.Image):
					d.At(analyze.Info) // a program is meant to fill it in
				case placeholder.MatchString(c.Image):
					d.At(analyze.Warning) // a reader is
				}
			}
		},
	}
}

// templateMark is what envsubst, Helm and their like replace. placeholder is that,
// and what people are told to replace.
var templateMark = regexp.MustCompile(`\$\{[A-Za-z_]|\$[A-Z_]|\{\{`)

var placeholder = regexp.MustCompile(`\$|\{\{|<|\b_*[A-Z][A-Z0-9]*_[A-Z0-9_]+\b|\b[A-Z]{3,}\b`)

// imageReference is the grammar of image names (distribution/reference).
var imageReference = regexp.MustCompile(`^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?/|\[[a-fA-F0-9:]+\](?::[0-9]+)?/)?` +
	`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*` +
	`(?::\w[\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`)
