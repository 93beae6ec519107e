/**
 * Describes Fashion-MNIST: files, mirrors, digests and classes.
 */
import type { DatasetEntry } from "./dataset-entry";
import { type IdxFile, idxDownloads, idxFiles, idxLayout } from "./idx-entry";

const files: readonly IdxFile[] = [
  [
    "train-images-idx3-ubyte",
    26_421_880,
    "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
    "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    [
      "8d1850e596b060b18c94b28c4d1cac7eb3cafcd4c17f40d227300579673b7f37",
      "31a54a74c93ce84d30c667129b0ea59c031793aa98647f1b0b1c916f98f4145f",
      "85131e4e7b057a69ff0150df5e8aba72654dce41502c28df5e2c3f28eb493eb4",
      "131cf5b241ffebe3633c1ef49ecf79d9cdfa350dd25671f0611c47570c17caad",
      "f8b5bac221502a0b48fadf5ca231902bee3235efd5280a16706e3af826fa9ff1",
    ],
  ],
  [
    "train-labels-idx1-ubyte",
    29_515,
    "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
  ],
  [
    "t10k-images-idx3-ubyte",
    4_422_102,
    "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
    "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    [
      "ddf024bf27660e6f3ebd6fe689021b99d2cdf287b0480857aad4a478887c9d95",
      "41df4b482d98380a8a19f1d3cc6d825948ee2a2440d1c9df30173999bae21ee4",
      "1a49afb368079c88a1af6f31e3be65c862ed947fe9b7fbcf3d887a89861cbced",
      "3dcf0717f3fa537de1e41f3225a0b9b276e66ea8c9987f2af9727a0b41bd5929",
    ],
  ],
  [
    "t10k-labels-idx1-ubyte",
    5_148,
    "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
  ],
];

/** Fashion-MNIST: 70,000 grayscale images of clothes, 28 x 28 pixels. */
export const fashionMnist: DatasetEntry = {
  name: "fashion-mnist",
  title: "Fashion-MNIST",
  description: "70,000 grayscale images of clothes, 28 x 28 pixels",
  homepage: "https://github.com/zalandoresearch/fashion-mnist",
  license: "MIT",
  citation:
    "H. Xiao, K. Rasul, R. Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms, arXiv:1708.07747, 2017",
  imageShape: [28, 28, 1],
  trainSamples: 60_000,
  testSamples: 10_000,
  classNames: [
    ...["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"],
    ...["Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
  ],
  folder: "fashion-mnist",
  downloads: idxDownloads(
    [
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ],
    files,
  ),
  files: idxFiles(files),
  layout: idxLayout,
  distribution: {
    package: "dataset-fashion-mnist",
    folder: "/usr/share/datasets/fashion-mnist",
  },
};
