package org.ratescope.figure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ratescope.results.DataAnalysis;
import org.ratescope.results.DataPicture;
import org.ratescope.results.DataRecord;
import org.ratescope.results.ExampleDetails;
import org.ratescope.results.Gallery;
import org.ratescope.results.Histogram;
import org.ratescope.results.LatentPlane;
import org.ratescope.results.store.RecordStore;
import org.ratescope.spec.RunSpec;
import org.ratescope.spec.Split;
import org.ratescope.spec.Subset;
import org.ratescope.spec.TableA2;
import org.ratescope.study.Analysis;
import org.ratescope.study.Detail;
import org.ratescope.study.Evaluation;
import org.ratescope.study.Study;

/** Data records and details with made-up numbers, for tests only. Nothing here was computed. */
public final class GeneratedDetails {
  public static final int EXAMPLES = 200;
  private static final double WIDTH = Math.sqrt(768) / 256;
  private static final String[] FACTORS = {"angle", "color", "scale", "x", "y"};

  private GeneratedDetails() {}

  /** Beta 1 on an easy, a sparse and the checkerboard split, one and three layers. */
  public static Study study() {
    List<String> splits = List.of("default", "cv:0.1", "cv:0.05", "cd:0.2", "checkerboard");
    return Generated.study("details", splits, List.of(1, 3), List.of(1.0), 2)
        .evaluation(new Evaluation(List.of("rd"), 2000, List.of(Detail.MEMORISATION)))
        .analyses(List.of(Analysis.Kind.values()));
  }

  public static RecordStore write(Study study, RecordStore store) throws IOException {
    Generated.write(study, store);
    for (Analysis analysis : Analysis.of(study)) {
      store.write(new DataRecord(analysis, "0".repeat(64), "0.1.0-test", finding(analysis)));
    }
    for (RunSpec run : study.runs()) {
      store.write(run.id(), examples(run));
    }
    return store;
  }

  private static DataAnalysis finding(Analysis analysis) {
    Random random = new Random(analysis.canonical().hashCode());
    return switch (analysis) {
      case Analysis.Samples samples -> samples();
      case Analysis.Sizes sizes ->
          TableA2.of(sizes.data(), sizes.split())
              .map(row -> new DataAnalysis.Sizes(row.train(), row.test()))
              .orElse(new DataAnalysis.Sizes(1000, 2000));
      case Analysis.Plane plane -> plane(random);
      case Analysis.Neighbours neighbours -> distances(neighbours.split(), random);
      case Analysis.Sensitivity sensitivity ->
          new DataAnalysis.Sensitivities(
              IntStream.range(0, 5).mapToObj(f -> factor(f, random)).toList());
    };
  }

  private static DataAnalysis.Samples samples() {
    List<DataPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 63; i++) {
      pictures.add(new DataPicture("sample", i, null, Generated.png(0, i % 12)));
    }
    for (String piece : List.of("J", "L", "I", "T", "Z", "S", "O")) {
      for (int i = 0; i < 8; i++) {
        pictures.add(new DataPicture(piece, i, null, Generated.png(0.5, i)));
      }
    }
    return new DataAnalysis.Samples(pictures);
  }

  private static DataAnalysis.Plane plane(Random random) {
    List<DataAnalysis.Point> points = new ArrayList<>();
    for (String split : List.of("default", "checkerboard", "cd:0.2", "cv:0.1")) {
      for (int i = 0; i < 60; i++) {
        Subset subset = random.nextInt(3) == 0 ? Subset.TRAIN : Subset.TEST;
        points.add(new DataAnalysis.Point(split, random.nextDouble(), random.nextDouble(), subset));
      }
    }
    return new DataAnalysis.Plane(points);
  }

  private static double[] values(double mean, Random random) {
    return random.doubles(EXAMPLES).map(u -> mean * (0.5 + u)).toArray();
  }

  private static double mean(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).average().orElseThrow();
  }

  private static DataAnalysis.Distances distances(Split split, Random random) {
    TableA2 sizes =
        TableA2.ROWS.stream().filter(row -> row.split().equals(split)).findFirst().orElseThrow();
    double[] values = values(12 * Math.pow(sizes.train(), -0.2), random);
    List<DataPicture> pictures = new ArrayList<>();
    for (String name : List.of("minimum", "median", "maximum")) {
      pictures.add(new DataPicture(name, 0, null, Generated.png(0, 4)));
      pictures.add(new DataPicture(name, 1, 1.25, Generated.png(0.5, 6)));
    }
    return new DataAnalysis.Distances(
        sizes.train(),
        sizes.test(),
        EXAMPLES,
        mean(values),
        0.01,
        0.5,
        1,
        1.5,
        256 * WIDTH,
        Histogram.of(values, WIDTH),
        pictures);
  }

  private static DataAnalysis.FactorSensitivity factor(int factor, Random random) {
    double[] values = values(3 - 0.3 * factor, random);
    List<DataPicture> pictures = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pictures.add(new DataPicture(FACTORS[factor], 2 * i, null, Generated.png(0, 4)));
      pictures.add(new DataPicture(FACTORS[factor], 2 * i + 1, 1.0 + i, Generated.png(0, 8)));
    }
    return new DataAnalysis.FactorSensitivity(
        FACTORS[factor], EXAMPLES, mean(values), 0.01, Histogram.of(values, WIDTH), pictures);
  }

  /** Three layers memorise: their reconstructions are near the weighted mean. */
  public static ExampleDetails examples(RunSpec run) {
    Random random = new Random(run.canonical().hashCode());
    boolean deep = run.architecture().layers() == 3;
    List<ExampleDetails.Example> examples = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      double distance = 1 + 2 * random.nextDouble();
      double far = distance * (0.9 + 0.4 * random.nextDouble());
      double near = 0.3 + 0.5 * random.nextDouble();
      examples.add(
          new ExampleDetails.Example(
              3 * i,
              distance,
              distance,
              deep ? far : near,
              deep ? near : far,
              deep ? 40 + 10 * far : 30 + 10 * near,
              deep ? 30 + 10 * near : 40 + 10 * far,
              1 + (deep ? 0.2 : 20) * random.nextDouble(),
              deep ? 0.97 : 0.2,
              i));
    }
    return new ExampleDetails(1000, examples, sheets());
  }

  private static List<ExampleDetails.Sheet> sheets() {
    List<ExampleDetails.Sheet> sheets = new ArrayList<>();
    List<String> names = new ArrayList<>(List.of("easy", "typical", "hard"));
    IntStream.rangeClosed(1, 8).mapToObj(i -> "example " + i).forEach(names::add);
    for (int i = 0; i < names.size(); i++) {
      List<ExampleDetails.Heavy> heaviest =
          List.of(
              new ExampleDetails.Heavy(0.7, 1, Generated.png(0, 5)),
              new ExampleDetails.Heavy(0.2, 2, Generated.png(0, 6)),
              new ExampleDetails.Heavy(0.05, 3, Generated.png(0, 7)));
      sheets.add(
          new ExampleDetails.Sheet(
              names.get(i),
              3 * i,
              Generated.png(0, i),
              Generated.png(0.5, i),
              Generated.png(1, i),
              heaviest));
    }
    return sheets;
  }

  /** Sheets of one image each, orange as all generated pictures. */
  public static Gallery gallery(RunSpec run) {
    int left = run.canonical().hashCode() & 7;
    return new Gallery(
        Stream.of("samples", "images", "reconstructions", "traversals", "interpolations")
            .map(kind -> new Gallery.Sheet(kind, 1, 1, Generated.png(0, left), "about " + kind))
            .toList());
  }

  /** Four quarters, each of one training image, with no large weight along their borders. */
  static LatentPlane plane() {
    int size = 120;
    List<Float> logDensity = new ArrayList<>();
    List<Integer> heaviest = new ArrayList<>();
    List<Float> largest = new ArrayList<>();
    for (int cell = 0; cell < size * size; cell++) {
      int i = cell % size;
      int j = cell / size;
      logDensity.add(-0.5f * (float) (Math.pow((i - 60) / 20.0, 2) + Math.pow((j - 60) / 20.0, 2)));
      heaviest.add((i < 60 ? 0 : 1) + (j < 60 ? 0 : 2));
      largest.add(Math.min(Math.abs(i - 59.5f), Math.abs(j - 59.5f)) < 3 ? 0.8f : 0.999f);
    }
    return new LatentPlane(
        size,
        -3,
        3,
        4,
        logDensity,
        heaviest,
        largest,
        IntStream.range(0, 4)
            .mapToObj(n -> new LatentPlane.Code(n, n % 2 == 0 ? -1.5 : 1.5, n < 2 ? -1.5 : 1.5))
            .toList());
  }
}
