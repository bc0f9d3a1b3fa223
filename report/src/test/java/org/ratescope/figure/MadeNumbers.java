package org.ratescope.figure;

/** The made-up value of an estimator for a run; NaN if it was not requested. */
public interface MadeNumbers {
  double of(MadeRun run, String name, String subset);

  /** Numbers of the paper's shape, with restart noise. */
  MadeNumbers PAPER = paper("");

  /** The same with other noise. */
  static MadeNumbers paper(String salt) {
    return (run, name, subset) -> {
      double exact = exact(run, name, subset);
      double spread =
          switch (name) {
            case "distortion", "logMarginal" -> 0.3;
            case "rate", "mutualInformation", "marginalKl" -> 0.05;
            default -> 0.02;
          };
      return exact + spread * run.noise(name + subset + salt);
    };
  }

  /** The same without noise. */
  static double exact(MadeRun run, String name, String subset) {
    return switch (name) {
      case "distortion" -> distortion(run, subset);
      case "rate" ->
          mutualInformation(run) + marginalKl(run) + (run.objective().equals("mi") ? 40 : 0);
      case "elbo" -> -exact(run, "distortion", subset) - exact(run, "rate", subset);
      case "logMarginal" -> exact(run, "elbo", subset) + 3;
      case "mutualInformation" -> mutualInformation(run);
      case "marginalKl" -> marginalKl(run);
      case "decoderNorm" ->
          subset.equals("train") ? 6 + 2 * run.decades() + run.layers() : Double.NaN;
      case "encoderNorm" -> subset.equals("train") ? 16 - run.decades() + run.layers() : Double.NaN;
      case "activeDimensions" -> collapsed(run) ? 0 : 10;
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static boolean collapsed(MadeRun run) {
    return run.likelihood().startsWith("gaussian") && run.layers() == 3;
  }

  private static double mutualInformation(MadeRun run) {
    double ceiling = Math.log(run.train());
    return ceiling * (run.decades() <= 3 ? 0.995 : Math.exp(-1.2 * (run.decades() - 3)));
  }

  private static double marginalKl(MadeRun run) {
    return 133 * Math.exp(-run.decades()) - 0.4 * (run.layers() - 1);
  }

  /** Distance of test images to training images: 0 for the dense split, 1 for the sparse one. */
  static double hardness(MadeRun run) {
    if (run.is("checkerboard")) {
      return 1.05;
    }
    if (run.is("cd")) {
      return 0.3;
    }
    double share = run.train() / (double) (run.train() + run.test());
    return run.is("cv") && share < 0.5 ? Math.log(0.5 / share) / Math.log(5) : 0;
  }

  private static double distortion(MadeRun run, String subset) {
    double t = run.decades();
    if (run.objective().equals("mi")) {
      return 180 + 3 * run.weight();
    }
    if (collapsed(run)) {
      return -1400;
    }
    double fit =
        60 + 25.0 / run.layers() + 3 * t * t - Math.log(run.width()) + (run.isMlp() ? 0 : -8);
    double shift = run.likelihood().startsWith("gaussian") ? -1600 : 0;
    return shift + fit + (subset.equals("test") ? hardness(run) * gap(run) : 0);
  }

  private static double gap(MadeRun run) {
    double t = run.decades();
    boolean shapes = run.data().startsWith("3dshapes");
    if (run.layers() == 1) {
      double arm = run.stopping().equals("never") ? (run.isMlp() ? 12 : 3.5) : 0;
      return arm * Math.exp(-t) + 2;
    }
    return shapes ? 30 * Math.exp(-t) + 2 : 4 + 6 * t;
  }
}
