# make demo    install what is missing, build, prepare the embedded sample, show what was made
# make test    install what is missing, run the whole test suite
# make bench   measure samdata beside its peers and the physical floors
# make lint    check the formatting
# make docs    build the documentation pages
# make install copy the binary to $(PREFIX)/bin

PREFIX ?= /usr/local
DEMO ?= .build/demo
PYTHON := .build/python/bin/python
export SWIFT_BACKTRACE := enable=no

# A static standard library starts faster and runs where no Swift is installed; lld comes with Swift and links it without
# repeating a warning about a function nobody calls.
BUILD := swift build -c release --static-swift-stdlib -Xswiftc -use-ld=lld --product samdata
BINARY = $(shell swift build -c release --show-bin-path)/samdata

.PHONY: demo build test bench lint docs install system python clean

demo: build
	@rm -rf $(DEMO)
	@mkdir -p $(DEMO)
	@$(BINARY) sample $(DEMO)/sample
	@$(BINARY) prepare sample --from $(DEMO)/sample --to $(DEMO)/prepared
	@$(BINARY) verify $(DEMO)/prepared
	@$(BINARY) view $(DEMO)/prepared --case 0001 -o $(DEMO)/sheet.png
	@$(BINARY) sample --kind slide $(DEMO)/slides
	@$(BINARY) prepare sample-slide --from $(DEMO)/slides --to $(DEMO)/patches
	@$(BINARY) view $(DEMO)/slides/images/patient_001_node_1.tif -o $(DEMO)/slide.png --patch 256 \
		--annotations $(DEMO)/slides/annotations/patient_001_node_1.xml
	@echo
	@echo "A sample data set lies in $(DEMO)/sample (six computed abdomens with 13 organs),"
	@echo "prepared slices with masks and prompts in $(DEMO)/prepared (one HDF5 file per case),"
	@echo "and a contact sheet to look at in $(DEMO)/sheet.png."
	@echo "Three computed slides lie in $(DEMO)/slides, their patches in $(DEMO)/patches,"
	@echo "and a picture of one with tissue, tumours and patches in $(DEMO)/slide.png."
	@echo "Next: $(BINARY) inspect $(DEMO)/prepared"

build: system
	$(BUILD)

test: system python
	SAMDATA_PYTHON=$$(test -x $(PYTHON) && echo $(CURDIR)/$(PYTHON)) swift test

bench: build
	Tests/Performance/run.sh

lint:
	swift format lint --strict -r Package.swift Sources Tests

docs: system
	.ci/docs .build/docs

install: build
	install -D -m 755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/samdata

system:
	@.ci/install

# The checks by other people's readers (h5py, nibabel, pycocotools ...) and the notebook run in a virtual environment of
# their own; without network or Python they are reported as skipped.
python:
	@.ci/install python

clean:
	rm -rf .build
