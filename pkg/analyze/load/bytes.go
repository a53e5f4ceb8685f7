package load

// Bytes reads data as if it were a file of this name, without touching the
// disk: for tests and examples. Each option may change the request, such as its
// clock or its question; the question is Lint unless an option says otherwise.
// Errors are those of Load.
func Bytes(name string, data []byte, options ...func(*Request)) (*Result, error) {
	req := Request{Question: Lint}
	for _, o := range options {
		o(&req)
	}
	p, err := newPlan(req)
	if err != nil {
		return nil, err
	}
	in := &fileInput{}
	in.add(decodeSource(newSource(name, data), false, false))
	p.Filenames = []string{name}
	return p.filesResult(in)
}
