package org.ratescope.figure;

import java.util.Random;
import org.ratescope.sql.DisplayNames;

/**
 * A run of the paper with made-up values in the tables: its texts are those of a study file, also
 * if this version cannot parse them.
 *
 * @param study the study that declares it
 * @param data the data set's text
 * @param split the split's text
 * @param train number of training examples
 * @param test number of test examples
 * @param family mlp or cnn
 * @param layers hidden layers
 * @param width units or channels
 * @param latent size of the latent code
 * @param likelihood bernoulli or gaussian:0.1
 * @param objective beta, mi or kl
 * @param weight the objective's weight
 * @param stopping never or a rule
 * @param seed the restart
 */
public record MadeRun(
    String study,
    String data,
    String split,
    int train,
    int test,
    String family,
    int layers,
    int width,
    int latent,
    String likelihood,
    String objective,
    double weight,
    String stopping,
    int seed) {

  /** The same run, declared by another study. */
  public MadeRun in(String other) {
    return new MadeRun(
        other,
        data,
        split,
        train,
        test,
        family,
        layers,
        width,
        latent,
        likelihood,
        objective,
        weight,
        stopping,
        seed);
  }

  /** The same run with another number of layers. */
  public MadeRun layers(int other) {
    return with(other, width);
  }

  /** The same run with other units or channels. */
  MadeRun width(int other) {
    return with(layers, other);
  }

  private MadeRun with(int otherLayers, int otherWidth) {
    return new MadeRun(
        study,
        data,
        split,
        train,
        test,
        family,
        otherLayers,
        otherWidth,
        latent,
        likelihood,
        objective,
        weight,
        stopping,
        seed);
  }

  /** The same for all studies that declare the run. */
  public String id() {
    return "%016x".formatted(in("").hashCode() * 0x9E3779B97F4A7C15L);
  }

  public boolean is(String kind) {
    return split.startsWith(kind);
  }

  boolean isMlp() {
    return family.equals("mlp");
  }

  /** Decades above 0.001. */
  public double decades() {
    return Math.log10(weight) + 3;
  }

  /** A draw from the standard normal distribution, a function of the run and a name. */
  public double noise(String name) {
    return new Random(id().hashCode() * 31L + name.hashCode()).nextGaussian();
  }

  String splitLabel() {
    String kind =
        switch (split.replaceFirst(":.*", "")) {
          case "default" -> "Default";
          case "checkerboard" -> "Checkerboard";
          case "cv" -> "CV";
          case "cd" -> "CD";
          default -> split;
        };
    return "%s (%s/%s)".formatted(kind, DisplayNames.count(train), DisplayNames.count(test));
  }

  String architectureLabel() {
    return "%d-layer %s (%d %s)"
        .formatted(layers, isMlp() ? "MLP" : "CNN", width, isMlp() ? "units" : "channels");
  }
}
