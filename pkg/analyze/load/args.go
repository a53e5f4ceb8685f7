package load

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// A target is one thing that was asked for: a type, and a name unless all
// objects of the type are meant.
type target struct {
	word string // the type as typed
	name string // "" = all
}

// splitArgs tells file names from types and names. A file name is what exists
// on disk or ends in "/", .yaml, .yml or .json; URLs and "-" are files too.
func splitArgs(args []string) (files, rest []string) {
	for _, a := range args {
		if isFileArg(a) {
			files = append(files, a)
		} else {
			rest = append(rest, a)
		}
	}
	return files, rest
}

func isFileArg(arg string) bool {
	for _, suffix := range []string{"/", ".yaml", ".yml", ".json"} {
		if strings.HasSuffix(arg, suffix) {
			return true
		}
	}
	if arg == "-" || isURL(arg) {
		return true
	}
	_, err := os.Stat(arg)
	return arg != "" && err == nil
}

// parseTargets reads "TYPE/NAME", "TYPE NAME…" and "TYPE,TYPE" as kubectl does.
func parseTargets(args []string) ([]target, error) {
	if len(args) == 0 {
		return nil, nil
	}
	if slices.ContainsFunc(args, func(a string) bool { return strings.Contains(a, "/") }) {
		return parsePairs(args)
	}
	var out []target
	for _, word := range typeWords(args[0]) {
		if len(args) == 1 {
			out = append(out, target{word: word})
		}
		for _, name := range args[1:] {
			out = append(out, target{word: word, name: name})
		}
	}
	if len(out) == 0 {
		return nil, &UserError{Message: fmt.Sprintf("%q names no type", args[0]), Hints: []string{hint("write", "pod/NAME, or deploy,sts for all of these types")}}
	}
	return out, nil
}

func parsePairs(args []string) ([]target, error) {
	var out []target
	for _, a := range args {
		word, name, _ := strings.Cut(a, "/")
		if word == "" || name == "" || strings.Contains(name, "/") || strings.Contains(word, ",") {
			return nil, &UserError{
				Message: fmt.Sprintf("%q is not of the form TYPE/NAME, and no such file exists", a),
				Hints:   []string{hint("write", "pod/NAME, or TYPE NAME, or a file that exists")},
			}
		}
		out = append(out, target{word, name})
	}
	return out, nil
}

func typeWords(arg string) []string {
	var out []string
	for _, word := range strings.Split(arg, ",") {
		switch word {
		case "":
		case "all": // kubectl's category, as far as it has a life cycle
			for _, k := range append(workloadKinds(), podKind().GroupKind) {
				known, _ := kindOf(k)
				out = append(out, known.String())
			}
		default:
			out = append(out, word)
		}
	}
	return out
}

func podKind() kind { return knownKinds()[0] }
