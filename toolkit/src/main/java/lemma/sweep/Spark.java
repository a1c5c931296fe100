package lemma.sweep;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.FutureAction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Carries the runs of a {@link Sweep} out on Apache Spark, one task a run, with the bits that they have here.
 *
 * <pre>{@code
 * try (Spark spark = Spark.master("spark://head:7077")) {
 *     Table runs = Sweep.of(grid).seeds(0, 1, 2).file(path).on(spark).run("loss", Experiment::loss);
 * }
 * }</pre>
 *
 * <p>Needs {@code org.apache.spark:spark-core_2.13} 4.x on the class path, which this library does not bring. What a run does travels to the
 * workers as a serialised lambda: it must stand in a class of a jar, not in a notebook cell, and what it captures must be serialisable. Each
 * executor runs a task a core; kernels stay on the thread of their task. A run whose executor is lost is carried out again elsewhere; one
 * that throws is not, and is reported.
 */
public final class Spark implements AutoCloseable {
    private static final String FLAGS = "spark.executor.extraJavaOptions";
    private static final String CLASS_PATH = "spark.executor.extraClassPath";
    private static final String JARS = "spark.jars";

    private final JavaSparkContext context;

    private Spark(JavaSparkContext context) {
        this.context = context;
    }

    /**
     * A new application at a master, such as {@code spark://host:7077}, {@code yarn} or {@code local-cluster[2,1,1024]}. The jars of this
     * process's class path are sent to the executors; those of a {@code local} master read them where they are.
     */
    public static Spark master(String url) {
        return of(new SparkConf().setMaster(url).setAppName("lemma sweep").set("spark.ui.enabled", "false"));
    }

    /** An application with the given settings; those that executors need for the toolkit are added. */
    public static Spark of(SparkConf settings) {
        SparkConf conf = settings.clone();
        conf.set(FLAGS, (flags() + " " + conf.get(FLAGS, "")).strip());
        String path = System.getProperty("java.class.path");
        if (conf.get("spark.master", "").startsWith("local")) {
            conf.set(CLASS_PATH, conf.getOption(CLASS_PATH).isEmpty() ? path : conf.get(CLASS_PATH) + File.pathSeparator + path);
        } else {
            String jars = Arrays.stream(path.split(File.pathSeparator)).filter(p -> p.endsWith(".jar")).filter(p -> !new File(p).getName().matches("(spark|scala|hadoop)-.*")).collect(Collectors.joining(","));
            conf.set(JARS, conf.get(JARS, "").isEmpty() ? jars : conf.get(JARS) + "," + jars);
        }
        return new Spark(new JavaSparkContext(conf));
    }

    /** The flags that every JVM of the toolkit runs with. */
    private static String flags() {
        Properties properties = new Properties();
        try (InputStream in = Spark.class.getResourceAsStream("/lemma/jvm.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("lemma/jvm.properties", e);
        }
        return properties.getProperty("flags");
    }

    /** The Spark context, for settings and status. */
    public JavaSparkContext context() {
        return context;
    }

    /** Ends the application. */
    @Override
    public void close() {
        context.close();
    }

    Workers workers() {
        return new Tasks(context.sc());
    }

    /** A run and its place in the list. */
    private record Task(int index, Config config) implements Serializable {}

    private static final class Tasks implements Workers {
        private final SparkContext spark;
        private FutureAction<BoxedUnit> job;

        Tasks(SparkContext spark) {
            this.spark = spark;
        }

        @Override
        public void start(List<Config> configs, Sweep.Run run, Consumer<Outcome> finished) {
            List<Task> tasks = IntStream.range(0, configs.size()).mapToObj(i -> new Task(i, configs.get(i))).toList();
            JavaRDD<Task> rdd = JavaSparkContext.fromSparkContext(spark).parallelize(new ArrayList<>(tasks), tasks.size());
            Seq<Object> partitions = CollectionConverters.asScala(IntStream.range(0, tasks.size()).<Object>mapToObj(i -> i).toList()).toList();
            job = spark.submitJob(rdd.rdd(), new Carry(run), partitions, new Hand(finished), new Nothing());
            job.onComplete(new Report(finished), scala.concurrent.ExecutionContext.global());
        }

        @Override
        public void close() {
            if (job != null) job.cancel();
        }
    }

    /** On a worker: the one run of a partition. */
    private static final class Carry extends AbstractFunction1<scala.collection.Iterator<Task>, Outcome> implements Serializable {
        private final Sweep.Run run;

        Carry(Sweep.Run run) {
            this.run = run;
        }

        @Override
        public Outcome apply(scala.collection.Iterator<Task> tasks) {
            Task task = tasks.next();
            return Outcome.of(task.index, task.config, run).sendable();
        }
    }

    /** Here: an outcome that arrived. */
    private static final class Hand extends AbstractFunction2<Object, Outcome, BoxedUnit> {
        private final Consumer<Outcome> finished;

        Hand(Consumer<Outcome> finished) {
            this.finished = finished;
        }

        @Override
        public BoxedUnit apply(Object partition, Outcome outcome) {
            finished.accept(outcome);
            return BoxedUnit.UNIT;
        }
    }

    private static final class Nothing extends AbstractFunction0<BoxedUnit> {
        @Override
        public BoxedUnit apply() {
            return BoxedUnit.UNIT;
        }
    }

    /** Here: the job ended; if it broke off, what is missing has failed. */
    private static final class Report extends AbstractFunction1<scala.util.Try<BoxedUnit>, BoxedUnit> {
        private final Consumer<Outcome> finished;

        Report(Consumer<Outcome> finished) {
            this.finished = finished;
        }

        @Override
        public BoxedUnit apply(scala.util.Try<BoxedUnit> end) {
            if (end.isFailure()) finished.accept(new Outcome(Outcome.ALL, null, end.failed().get()));
            return BoxedUnit.UNIT;
        }
    }
}
