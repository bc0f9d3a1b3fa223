package org.ratescope.estimate;

import java.util.Arrays;
import org.bytedeco.javacpp.PointerScope;
import org.ratescope.model.Vae;
import org.ratescope.spec.RunRandom;
import org.ratescope.tensor.Tensors;

/**
 * Chains that move codes from the prior to the posterior p(z|x) of their images, through p(z)
 * p(x|z)^t with t from 0 to 1, by Hamiltonian Monte Carlo through the decoder. All chains of a
 * batch move together; gradients are closed forms, so a leapfrog step is one decoder pass forth and
 * back.
 */
public final class AnnealedChains {
  private static final double FIRST_STEP = 0.3;
  private static final double ACCEPTANCE = 0.65;
  private static final double ADAPTATION = 0.3;

  private final Vae vae;
  private final double[] temperatures; // t_0 = 0 … t_T = 1
  private final int leapfrogs;
  private final int chains;
  private final int latent;
  private final double[] codes; // [rows, L]
  private final double[] momenta; // [rows, L]
  private final double[] distortion; // of the codes [rows]
  private final double[] gradient; // of the distortion [rows, L]
  private final double[] stepSize; // of each image

  /**
   * @param vae a model for codes whose batch holds the image of each chain
   * @param chains chains of an image, next to each other in the batch
   */
  public AnnealedChains(Vae vae, double[] temperatures, int leapfrogs, int chains) {
    this.vae = vae;
    this.temperatures = temperatures;
    this.leapfrogs = leapfrogs;
    this.chains = chains;
    int rows = (int) vae.codes().size(1);
    latent = (int) vae.codes().size(2);
    codes = new double[rows * latent];
    momenta = new double[rows * latent];
    distortion = new double[rows];
    gradient = new double[rows * latent];
    stepSize = new double[rows / chains];
  }

  /** Randomness for the step at a temperature; 0 is the first draw from the prior. */
  public interface Randomness {
    RunRandom at(int temperature);
  }

  /** Hears the state of a run, whose arrays it must not change. */
  public interface Observer {
    /**
     * All chains have reached a temperature.
     *
     * @param temperature the number of the temperature, from 0
     * @param logWeights of each chain up to there; their exponentials have the mean ∫ p(z) p(x|z)^t
     * @param distortion of each chain's code
     */
    void reached(int temperature, double[] logWeights, double[] distortion);
  }

  /**
   * A pilot run that finds a step size for each temperature and image, at an acceptance of about
   * 0.65. [T + 1, images]
   */
  public double[][] findSteps(Randomness randomness) {
    Arrays.fill(stepSize, FIRST_STEP);
    double[][] found = new double[temperatures.length][];
    run(
        randomness,
        temperature -> found[temperature] = stepSize.clone(),
        (image, acceptance) ->
            stepSize[image] =
                Math.min(1, stepSize[image] * Math.exp(ADAPTATION * (acceptance - ACCEPTANCE))),
        (temperature, logWeights, distortions) -> {});
    return found;
  }

  /**
   * A run with fixed step sizes: the log weight of each chain, whose exponentials have the mean
   * p(x) exactly.
   */
  public double[] logWeights(double[][] steps, Randomness randomness) {
    return logWeights(steps, randomness, (temperature, logWeights, distortions) -> {});
  }

  /** The same with an observer of each temperature. */
  public double[] logWeights(double[][] steps, Randomness randomness, Observer observer) {
    return run(
        randomness,
        temperature -> System.arraycopy(steps[temperature], 0, stepSize, 0, stepSize.length),
        (image, acceptance) -> {},
        observer);
  }

  /**
   * The same chains backwards, from codes drawn from p(z|x)^t at the last temperature to the prior:
   * the log weight of each chain, for which exp(−logWeight) has the mean 1 / p(x). So −log of the
   * mean of exp(−logWeight) is in expectation at least log p(x) (Grosse, Ghahramani and Adams
   * 2015).
   *
   * @param start a code for each chain [rows, L]
   * @param steps as found by {@link #findSteps}
   */
  public double[] reverseLogWeights(double[] start, double[][] steps, Randomness randomness) {
    double[] logWeights = new double[distortion.length];
    System.arraycopy(start, 0, codes, 0, codes.length);
    evaluate();
    for (int t = temperatures.length - 1; t >= 1; t--) {
      System.arraycopy(steps[t], 0, stepSize, 0, stepSize.length);
      double[] unused = move(temperatures[t], randomness.at(t));
      for (int row = 0; row < logWeights.length; row++) {
        logWeights[row] -= (temperatures[t] - temperatures[t - 1]) * distortion[row];
      }
    }
    return logWeights;
  }

  private interface Before {
    void step(int temperature);
  }

  private interface After {
    void step(int image, double acceptance);
  }

  private double[] run(Randomness randomness, Before before, After after, Observer observer) {
    double[] logWeights = new double[distortion.length];
    drawFromPrior(randomness.at(0));
    evaluate();
    observer.reached(0, logWeights, distortion);
    for (int t = 1; t < temperatures.length; t++) {
      for (int row = 0; row < logWeights.length; row++) {
        logWeights[row] -= (temperatures[t] - temperatures[t - 1]) * distortion[row];
      }
      before.step(t);
      double[] acceptance = move(temperatures[t], randomness.at(t));
      for (int image = 0; image < stepSize.length; image++) {
        after.step(image, acceptance[image]);
      }
      observer.reached(t, logWeights, distortion);
    }
    return logWeights;
  }

  private void drawFromPrior(RunRandom random) {
    random.normals(codes, 0, codes.length);
    for (int row = 0; row < distortion.length; row++) {
      long number = (long) codes.length + row;
      vae.prior().sample(codes, row * latent, latent, () -> random.uniform(number));
    }
  }

  /** One Hamiltonian move of every chain; the mean acceptance probability of each image. */
  private double[] move(double temperature, RunRandom random) {
    random.normals(momenta, 0, momenta.length);
    double[] oldCodes = codes.clone();
    double[] oldDistortion = distortion.clone();
    double[] oldGradient = gradient.clone();
    double[] before = energies(temperature);
    for (int step = 0; step < leapfrogs; step++) {
      kick(temperature);
      for (int i = 0; i < codes.length; i++) {
        codes[i] += stepSize[i / latent / chains] * momenta[i];
      }
      evaluate();
      kick(temperature);
    }
    double[] after = energies(temperature);
    double[] acceptance = new double[stepSize.length];
    for (int row = 0; row < after.length; row++) {
      double probability = Math.min(1, Math.exp(before[row] - after[row]));
      acceptance[row / chains] += (probability > 0 ? probability : 0) / chains; // NaN is refused
      if (!(random.uniform((long) momenta.length + row) < probability)) {
        System.arraycopy(oldCodes, row * latent, codes, row * latent, latent);
        System.arraycopy(oldGradient, row * latent, gradient, row * latent, latent);
        distortion[row] = oldDistortion[row];
      }
    }
    return acceptance;
  }

  private void kick(double temperature) {
    double[] priorGradient = vae.prior().logDensityGradients(vae.codes(), codes);
    for (int i = 0; i < momenta.length; i++) {
      double slope = temperature * gradient[i] - priorGradient[i];
      momenta[i] -= 0.5 * stepSize[i / latent / chains] * slope;
    }
  }

  /** −log p(z) + t · distortion + ½‖momentum‖² of each chain, up to a constant. */
  private double[] energies(double temperature) {
    double[] energies = vae.prior().energies(vae.codes(), codes, momenta);
    for (int row = 0; row < energies.length; row++) {
      energies[row] += temperature * distortion[row];
    }
    return energies;
  }

  private void evaluate() {
    try (PointerScope scope = new PointerScope()) {
      Tensors.write(codes, vae.codes());
      vae.decode();
      System.arraycopy(Tensors.doubles(vae.distortion()), 0, distortion, 0, distortion.length);
      System.arraycopy(Tensors.doubles(vae.codesGradient()), 0, gradient, 0, gradient.length);
    }
  }
}
