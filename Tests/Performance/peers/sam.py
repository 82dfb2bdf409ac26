#!/usr/bin/env python3
"""sam.py PART TOOL MODEL FILE RUNS [--points POINTS.npy] [--onnx FILE] [--result FILE]

PART: encode (the image encoder at 1024 pixels), box or points (prompt encoder and mask decoder, three masks a prompt).
TOOL: torch, onnxruntime or openvino. MODEL: vit-b or mobile. FILE: the input of the encoder, or an embedding.
Two threads, unless OMP_NUM_THREADS says otherwise. `seconds` is the median of the wall seconds of RUNS runs after one to warm up,
`cpu` that of the CPU seconds of all threads.
"""

import argparse
import json
import os
import time

import numpy as np

BOX = [[100.0, 120.0, 800.0, 700.0]]


def arguments():
    parser = argparse.ArgumentParser()
    for name in ("part", "tool", "model", "file"):
        parser.add_argument(name)
    parser.add_argument("runs", type=int)
    for name in ("--points", "--onnx", "--result"):
        parser.add_argument(name)
    return parser.parse_args()


def torch_encoder(options, threads):
    import torch

    from sam_reference import model

    torch.set_num_threads(threads)
    encoder, image = model(options.model).image_encoder, torch.from_numpy(np.load(options.file))

    def run():
        with torch.inference_mode():
            return encoder(image).numpy()

    return run


def torch_prompts(options, threads):
    import torch

    from sam_reference import model

    torch.set_num_threads(threads)
    sam, embedding = model(options.model), torch.from_numpy(np.load(options.file))
    points = boxes = None
    if options.part == "box":
        boxes = torch.tensor(BOX)
    else:
        places = torch.from_numpy(np.load(options.points))[:, None]
        points = (places + 0.0, torch.ones(len(places), 1))

    def run():
        with torch.inference_mode():
            sparse, dense = sam.prompt_encoder(points=points, boxes=boxes, masks=None)
            masks, _ = sam.mask_decoder(
                image_embeddings=embedding,
                image_pe=sam.prompt_encoder.get_dense_pe(),
                sparse_prompt_embeddings=sparse,
                dense_prompt_embeddings=dense,
                multimask_output=True,
            )
            return masks.numpy()

    return run


def onnxruntime_encoder(options, threads):
    import onnxruntime

    session = onnxruntime.SessionOptions()
    session.intra_op_num_threads = threads
    session.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(options.onnx, session, providers=["CPUExecutionProvider"])
    image = np.load(options.file)
    return lambda: session.run(None, {"image": image})[0]


def openvino_encoder(options, threads):
    import openvino

    core = openvino.Core()
    wanted = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
    request = core.compile_model(core.read_model(options.onnx), "CPU", wanted).create_infer_request()
    image = np.load(options.file)
    return lambda: np.array(request.infer({0: image})[0])


def main():
    options = arguments()
    threads = int(os.environ.get("OMP_NUM_THREADS", "2"))
    makers = {
        ("encode", "torch"): torch_encoder,
        ("encode", "onnxruntime"): onnxruntime_encoder,
        ("encode", "openvino"): openvino_encoder,
        ("box", "torch"): torch_prompts,
        ("points", "torch"): torch_prompts,
    }
    run = makers[options.part, options.tool](options, threads)
    result = run()
    seconds, processor = [], []
    for _ in range(options.runs):
        start, before = time.perf_counter(), time.process_time()
        result = run()
        seconds.append(time.perf_counter() - start)
        processor.append(time.process_time() - before)
    if options.result:
        np.asarray(result, np.float32).tofile(options.result)
    middle = options.runs // 2
    print(json.dumps({"seconds": sorted(seconds)[middle], "cpu": sorted(processor)[middle]}))


if __name__ == "__main__":
    main()
