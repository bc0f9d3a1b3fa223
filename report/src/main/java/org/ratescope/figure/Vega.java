package org.ratescope.figure;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.ratescope.figure.svg.InertSvg;
import org.ratescope.figure.svg.Typeface;
import org.ratescope.io.NativeFolder;
import org.ratescope.io.NativeLibraryException;
import org.ratescope.io.Resources;

/**
 * Vega and Vega-Lite in a JavaScript engine inside the JVM. Loading takes seconds, so a process has
 * one engine, created on first use; calls take turns. The engine has no access to files or the
 * network.
 */
final class Vega {
  private static final String UNPACKED = "polyglot.engine.userResourceCache";
  private static final String WITHOUT_ITS_LIBRARY = "polyglotimpl.AttachLibraryFailureAction";
  private static final FutureTask<Vega> ENGINE = new FutureTask<>(Vega::new);

  private final Value draw;

  private Vega() {
    System.setProperty(UNPACKED, NativeFolder.of("graal").toString());
    System.setProperty(
        WITHOUT_ITS_LIBRARY, "ignore"); // the engine draws without it, but more slowly
    Engine engine = Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    Context context = Context.newBuilder("js").engine(engine).build();
    Value globals = context.getBindings("js");
    globals.putMember("textWidth", (ProxyExecutable) Vega::textWidth);
    load(context, "headless.js");
    load(context, "/org/ratescope/page/js/vega.min.js");
    load(context, "/org/ratescope/page/js/vega-lite.min.js");
    load(context, "draw.js");
    draw = globals.getMember("draw");
  }

  private static void load(Context context, String resource) {
    context.eval(
        Source.newBuilder("js", Resources.text(Vega.class, resource), resource).buildLiteral());
  }

  /**
   * The engine of this process; the first call takes seconds.
   *
   * @throws NativeLibraryException if there is no folder for its native libraries
   */
  static Vega instance() {
    ENGINE.run(); // a second thread waits below for the first one
    try {
      return ENGINE.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known
          ? known
          : new IllegalStateException("JavaScript: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the JavaScript engine was starting", e);
    }
  }

  /** Creates the engine while the caller continues. */
  static void load() {
    Thread.ofPlatform().name("vega").daemon().start(ENGINE);
  }

  private static Object textWidth(Value... arguments) {
    Typeface typeface = Typeface.ofWeight(arguments[2].asString());
    return typeface.width(arguments[0].asString(), arguments[1].asDouble());
  }

  /** A drawing, and Vega-Lite's remarks, one on each line; empty for none. */
  record Drawing(String svg, String remarks) {}

  /**
   * Draws a Vega-Lite spec.
   *
   * @param spec the spec with its data, as JSON
   * @param config the theme, as JSON
   * @throws VegaException with Vega's own message if the spec cannot be drawn
   */
  synchronized Drawing svg(String spec, String config) throws VegaException {
    AtomicReference<Drawing> drawing = new AtomicReference<>();
    AtomicReference<String> error = new AtomicReference<>("Vega did not finish");
    ProxyExecutable done =
        values -> {
          drawing.set(new Drawing(InertSvg.of(values[0].asString()), values[1].asString()));
          return true;
        };
    ProxyExecutable failed =
        values -> {
          error.set(values[0].asString());
          return true;
        };
    try {
      draw.executeVoid(spec, config, done, failed);
    } catch (PolyglotException e) {
      throw new VegaException(String.valueOf(e.getMessage()), e);
    }
    Drawing result = drawing.get();
    if (result == null) {
      throw new VegaException(error.get(), null);
    }
    return result;
  }
}
