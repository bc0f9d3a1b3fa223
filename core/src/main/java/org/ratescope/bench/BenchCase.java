package org.ratescope.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.ratescope.dataset.tetromino.Tetrominoes;
import org.ratescope.model.MemoryEstimate;
import org.ratescope.model.ParameterLayout;
import org.ratescope.model.architecture.Cnn;
import org.ratescope.model.layer.ImageShape;
import org.ratescope.plan.CohortLimits;
import org.ratescope.spec.Architecture;
import org.ratescope.spec.Likelihood;
import org.ratescope.spec.Objective;
import org.ratescope.spec.Precision;
import org.ratescope.spec.Prior;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Training;
import org.ratescope.spec.Training.Products;
import org.ratescope.spec.data.DataSpec;
import org.ratescope.tensor.ImageTensor;
import org.ratescope.train.Cohort;

/**
 * A training step that is measured: a network, its images and its batch. Images are Tetrominoes, so
 * that they have as many zeros as the paper's; a grey one is the first plane of a coloured one.
 *
 * @param architecture the network
 * @param resolution rows and columns: 4, 8, 16 or 32
 * @param coloured whether images have three planes
 * @param batch images of a batch
 */
public record BenchCase(Architecture architecture, int resolution, boolean coloured, int batch) {
  /** Images that batches are taken from. */
  static final int IMAGES = 2048;

  static final double BETA = 0.1;
  private static final int SMALLEST_SIDE = 4;
  private static final int LATENT = 10;

  /**
   * @throws IllegalArgumentException if there are no such images, or too few for a batch; a
   *     convolutional network must halve them to 4 rows or more, where its padding is the paper's
   */
  public BenchCase {
    DataSpec.Tetrominoes unused =
        new DataSpec.Tetrominoes(
            DataSpec.Preset.PUBLISHED, DataSpec.Shape.J, resolution); // checks it
    if (!(batch >= 1 && batch <= IMAGES)) {
      throw new IllegalArgumentException(
          "batch must be from 1 to %s; got %s".formatted(IMAGES, batch));
    }
    if (!EagerLoop.knows(architecture)) {
      throw new IllegalArgumentException(
          "got %s; expected mlp, cnn or resmlp: the eager loop that is compared with has no other network"
              .formatted(architecture.text()));
    }
    if (architecture instanceof Cnn cnn && !(resolution >> cnn.layers() >= SMALLEST_SIDE)) {
      throw new IllegalArgumentException(
          "%s is measured on images of at least %s rows; got %s"
              .formatted(cnn.text(), SMALLEST_SIDE << cnn.layers(), resolution));
    }
  }

  /** The cases of docs/performance.md. */
  public static List<BenchCase> standard() {
    List<BenchCase> cases = new ArrayList<>();
    for (String paper : List.of("mlp:1x512", "mlp:3x512", "cnn:1x64", "cnn:3x64")) {
      cases.add(new BenchCase(Architecture.parse(paper), 32, true, 128));
    }
    cases.add(new BenchCase(Architecture.parse("mlp:1x128"), 16, false, 64));
    for (String small : List.of("mlp:1x128", "mlp:3x128")) {
      cases.add(new BenchCase(Architecture.parse(small), 16, true, 64));
    }
    return cases;
  }

  /** The form for people: network, images, batch. */
  public String text() {
    return "%s, %s, batch %s".formatted(architecture.text(), shape().text(), batch);
  }

  /** What is measured and what it costs, by the names of the JSON form; ways come behind these. */
  Map<String, Object> fields(Roofline cost, double rooflineSeconds) {
    Map<String, Object> fields = fields();
    fields.put("operations", cost.operations());
    fields.put("adamBytes", cost.bytes());
    fields.put("rooflineSeconds", rooflineSeconds);
    return fields;
  }

  /** What is measured, by the names of the JSON form; results come behind these. */
  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("architecture", architecture.text());
    fields.put("images", shape().text());
    fields.put("batch", batch);
    fields.put("parameters", layout().parameters());
    return fields;
  }

  ImageShape shape() {
    return new ImageShape(coloured ? 3 : 1, resolution, resolution);
  }

  ParameterLayout layout() {
    return ParameterLayout.of(architecture, shape(), LATENT);
  }

  MemoryEstimate footprint() {
    return new MemoryEstimate(layout(), Precision.FLOAT32);
  }

  /** K that a study of such runs would have at most. */
  int ownCohort() {
    return CohortLimits.CPU.largest(footprint(), batch);
  }

  /** That many runs, which differ in their seed. */
  Cohort cohort(int k) {
    return cohort(k, Products.FLOAT32);
  }

  /** The same with products of another form. */
  Cohort cohort(int k, Products products) {
    return cohort(k, Prior.normal(), products);
  }

  /** The same with another prior. */
  Cohort cohort(int k, Prior prior) {
    return cohort(k, prior, Products.FLOAT32);
  }

  private Cohort cohort(int k, Prior prior, Products products) {
    return new Cohort(IntStream.range(0, k).mapToObj(seed -> run(seed, prior, products)).toList());
  }

  private RunSpec run(int seed, Prior prior, Products products) {
    return new RunSpec(
        DataSpec.parse(
            coloured
                ? "tetrominoes:resolution=" + resolution
                : "images:name=grey,size=%s,colour=grey".formatted(resolution)),
        new Split.ConstantVolume(0.1),
        architecture,
        LATENT,
        Likelihood.parse("bernoulli"),
        prior,
        Objective.beta(BETA),
        new Training(1_000_000, batch, 1e-3, Precision.FLOAT32).products(products),
        seed);
  }

  /** The images, spread over the whole data set. */
  ImageTensor images() {
    Tetrominoes source =
        Tetrominoes.of(
            (DataSpec.Tetrominoes) DataSpec.parse("tetrominoes:resolution=" + resolution));
    float[] image = new float[3 * resolution * resolution];
    int dimensions = shape().dimensions();
    float[] all = new float[IMAGES * dimensions];
    for (int i = 0; i < IMAGES; i++) {
      source.render(i * (source.size() / IMAGES), image);
      System.arraycopy(image, 0, all, i * dimensions, dimensions);
    }
    return ImageTensor.of(all, IMAGES, dimensions);
  }
}
