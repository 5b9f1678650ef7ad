"""A million photos: the core on Ray Data. Needs the extra `cluster`; nothing else imports Ray, PyArrow or fsspec.

`storage` is photos and results wherever they lie, `listing` turns an input into photos, `job` is the record that makes
a batch resumable, `results` the schema of the output, `work` what a worker does with a shard, and `run` puts these
into a stream of Ray Data.
"""
