package org.ratescope.vae;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ratescope.study.Architecture;
import org.ratescope.study.DataSpec;
import org.ratescope.study.RunSpec;

/**
 * Where each layer's parameters stand in a run's row of P values. Encoder: hidden ReLU layers, then
 * mean and log-variance heads side by side. Decoder: hidden ReLU layers, then logits. Every matrix
 * starts at a multiple of 64 bytes.
 */
public final class Layout {
  private static final int ALIGNMENT = 16;

  private final List<Layer> encoder = new ArrayList<>();
  private final List<Layer> decoder = new ArrayList<>();
  private final int latentSize;
  private long size;

  private Layout(int latentSize) {
    this.latentSize = latentSize;
  }

  /** The layout for a run. */
  public static Layout of(RunSpec run) {
    return of(run.architecture(), run.data(), run.latentSize());
  }

  /** The layout for an architecture over images of that data set. */
  public static Layout of(Architecture architecture, DataSpec data, int latentSize) {
    return of(architecture, data.dimensions(), latentSize);
  }

  /** The layout for an architecture over images of that many values. */
  public static Layout of(Architecture architecture, int dimensions, int latentSize) {
    return switch (architecture) {
      case Architecture.Mlp mlp -> mlp(mlp.layers(), mlp.units(), dimensions, latentSize);
    };
  }

  private static Layout mlp(int layers, int units, int dimensions, int latentSize) {
    Layout layout = new Layout(latentSize);
    int width = dimensions;
    for (int i = 0; i < layers; i++) {
      layout.add(layout.encoder, List.of("encoder." + i), width, units);
      width = units;
    }
    layout.add(layout.encoder, List.of("mean", "logvar"), width, 2 * latentSize);
    width = latentSize;
    for (int i = 0; i < layers; i++) {
      layout.add(layout.decoder, List.of("decoder." + i), width, units);
      width = units;
    }
    layout.add(layout.decoder, List.of("decoder." + layers), width, dimensions);
    return layout;
  }

  private void add(List<Layer> stack, List<String> names, int in, int out) {
    long weight = size;
    long bias = padded(weight + (long) in * out);
    stack.add(new Layer(names, in, out, weight, bias));
    size = padded(bias + out);
  }

  private static long padded(long offset) {
    return (offset + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  /** Layers of the encoder, first to last; the last is the pair of heads. */
  public List<Layer> encoder() {
    return List.copyOf(encoder);
  }

  /** Layers of the decoder, first to last; the last gives the logits. */
  public List<Layer> decoder() {
    return List.copyOf(decoder);
  }

  /** All layers, encoder first. */
  public List<Layer> layers() {
    return Stream.concat(encoder.stream(), decoder.stream()).toList();
  }

  /** Values of a latent code. */
  public int latentSize() {
    return latentSize;
  }

  /** Values of one image. */
  public int dimensions() {
    return encoder.getFirst().in();
  }

  /** P, the length of a run's row, with padding. */
  public long size() {
    return size;
  }

  /** Number of trainable parameters, without padding. */
  public long parameters() {
    return layers().stream().mapToLong(l -> (long) l.in() * l.out() + l.out()).sum();
  }
}
